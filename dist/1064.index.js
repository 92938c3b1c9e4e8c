"use strict";
exports.id = 1064;
exports.ids = [1064];
exports.modules = {...require('./shared.index.js'),
1064: (function(o,t,r){r.r(t),r.d(t,{main:function(){return a}});var i=r(8449);r(8025);var s=r(1909),e=r(4182),n=r(130),p=r(6407);r(9680),r(6182),r(1959),r(6497),r(3741);var a=()=>(0,n.CN)(async()=>{let o,{opsRepository:t,token:r}={opsRepository:void 0===(o=(0,n._Z)("ops-repository"))?void 0:(0,e.SU)(o,'Input "ops-repository"'),token:(0,n.jY)("github-token")??(0,n.YF)("github-token","Pass `github.token`, which reads ostack.yaml.")},a=(0,e.SU)((0,e.yI)().repository,"GITHUB_REPOSITORY"),{owner:u,name:y}=t??await (0,i.sI)({github:(0,s.Ng)({token:r}),repository:a});(0,n.pq)(`The ops repository is ${u}/${y}.`),(0,p.uH)("repository",`${u}/${y}`),(0,p.uH)("owner",u),(0,p.uH)("name",y)})})};
