"use strict";
exports.id = 8022;
exports.ids = [8022];
exports.modules = {...require('./shared.index.js'),
4319: (function(e,t,r){r.d(t,{Y:function(){return i}});var n=r(2455),o=r(4776);function i({state:e,since:t},{timeoutMs:r}){switch(e){case"live":return"";case"failed":return"Whoever brought it mends it, or runs Rollback.";case"unknown":return"Whoever looks after the cluster looks whether it is well and reports, then runs Rollback where it is not.";default:return`The cluster reports ${void 0===t?`within ${(0,o.cf)(r)}`:`by ${(0,n.n)(new Date(t.getTime()+r))}`}.`}}})};
