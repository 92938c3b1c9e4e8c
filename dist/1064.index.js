"use strict";
exports.id = 1064;
exports.ids = [1064];
exports.modules = {...require('./shared.index.js'),
1064: (function(o,t,r){r.r(t),r.d(t,{main:function(){return u}});var i=r(8449);r(8025);var s=r(1909),e=r(652),n=r(4182),p=r(130),a=r(6407);r(9680),r(6182),r(1959),r(6497),r(3741);var u=()=>(0,p.CN)(async()=>{let o,{opsRepository:t,token:r}={opsRepository:void 0===(o=(0,p._Z)("ops-repository"))?void 0:(0,n.SU)(o,'Input "ops-repository"'),token:(0,p.jY)("github-token")??(0,p.YF)("github-token","Pass `github.token`, which reads ostack.yaml.")},u=(0,n.SU)((0,n.yI)().repository,"GITHUB_REPOSITORY"),{owner:y,name:h}=t??await (0,i.sI)({github:(0,s.Ng)({token:r}),repository:u});(0,e.pq)(`The ops repository is ${y}/${h}.`),(0,a.uH)("repository",`${y}/${h}`),(0,a.uH)("owner",y),(0,a.uH)("name",h)})})};
