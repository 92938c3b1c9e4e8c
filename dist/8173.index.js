"use strict";
exports.id = 8173;
exports.ids = [8173];
exports.modules = {...require('./shared.index.js'),
3645: (function(e,n,r){r.d(n,{c:function(){return t},g:function(){return s}});var t="urgent";function s(e,n){return{...e,labels:[...new Set([...e.labels,t])],body:(n,r,t=!0)=>e.body(n,r,t),merges:!0,insists:!0,mergeReason:`rules guard ${n}, so it comes by a pull request`}}})};
