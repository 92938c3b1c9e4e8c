"use strict";exports.id=701,exports.ids=[701],exports.modules={4082:(function(x,L,B){B.d(L,{qg:function(){return $}});/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function M(e,r){let i=e.slice(0,r).split(/\r?\n/);return[i.length,i.pop().length+1]}function j(e,r,i){let t=e.split(/\r?\n/),a="",l=(Math.log10(r+1)|0)+1;for(let n=r-1;n<=r+1;n++){let s=t[n-1];s&&(a+=n.toString().padEnd(l," "),a+=":  ",a+=s,a+=`
`,n===r&&(a+=" ".repeat(l+i+2),a+=`^
`))}return a}class f extends Error{line;column;codeblock;constructor(r,i){const[t,a]=M(i.toml,i.ptr),l=j(i.toml,t,a);super(`Invalid TOML document: ${r}

${l}`,i),this.line=t,this.column=a,this.codeblock=l}static x(r,i,t){throw new f(r,{toml:i.s,ptr:t??i.p})}}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function E(e){let r=e.p,i=e.s.charCodeAt(e.p++),t=i,a=i===39,l=i===e.s.charCodeAt(e.p)&&i===e.s.charCodeAt(e.p+1);l&&((i=e.s.charCodeAt(e.p+=2))===10?e.p++:i===13&&e.s.charCodeAt(e.p+1)===10&&(e.p+=2));let n="",s=e.p,o=0;for(;e.p<e.s.length;e.p++)if(i=e.s.charCodeAt(e.p),l&&(i===10||i===13&&e.s.charCodeAt(e.p+1)===10))o=o&&3;else if(i<32&&i!==9||i===127)f.x("control characters are not allowed in strings",e);else if((!o||o===3)&&i===t&&(!l||e.s.charCodeAt(e.p+1)===t&&e.s.charCodeAt(e.p+2)===t)){if(l&&(e.s.charCodeAt(e.p+3)===t&&e.p++,e.s.charCodeAt(e.p+3)===t&&e.p++),!o){let u=e.s.slice(s,e.p);n=n?n+u:u}return e.p+=l?3:1,n}else if(!o)!a&&i===92&&(n+=e.s.slice(s,s=e.p),o=1);else if(o===1)if(i===120||i===117||i===85){let u=e.p++-1,p=0,d=i===120?2:i===117?4:8;for(let g=0;g<d;g++,e.p++){let m=e.s.charCodeAt(e.p),z=m>=48&&m<=57?m-48:m>=65&&m<=70?m-65+10:m>=97&&m<=102?m-97+10:-1;z<0&&f.x("invalid non-hex character in unicode escape",e),p=p<<4|z}(p<0||p>1114111||p>=55296&&p<=57343)&&f.x("invalid unicode escape",e,u),n+=String.fromCodePoint(p),s=e.p--,o=0}else l&&(i===32||i===9)?o=2:(i===98?n+="\b":i===116?n+="	":i===110?n+=`
`:i===102?n+="\f":i===114?n+="\r":i===101?n+="\x1B":i===34?n+='"':i===92?n+="\\":f.x("unrecognised escape sequence",e),s=e.p+1,o=0);else i!==32&&i!==9&&(o===2&&f.x("invalid escape: only line-ending whitespace may be escaped",e,s),o=!a&&i===92?1:0,s=e.p);f.x("unfinished string",e,r)}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */let U=/^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;class C extends Date{#r=!1;#i=!1;#e=null;constructor(r,i,t){let a=!0,l=!0,n="Z",s;if(typeof r=="string")if(i)e:{if(i<3){if(+r.slice(11,13)>23){r="";break e}i===2?(n=null,r+="Z"):(s=r.charCodeAt(r.length-1))!==90&&s!==122&&(n=r.slice(r.length-6)),t&&(r=r.slice(0,10)+"T"+r.slice(11))}else i===4&&(r=+r.slice(0,2)>23?"":`0000-01-01T${r}Z`);a=i!==4,l=i!==3}else{let o=r.match(U);o?(o[1]||(a=!1,r=`0000-01-01T${r}`),l=!!o[2],l&&r[10]===" "&&(r=r.replace(" ","T")),o[2]&&+o[2]>23?r="":(n=o[3]||null,!n&&l&&(r+="Z"))):r=""}super(r),isNaN(this.getTime())||(this.#r=a,this.#i=l,this.#e=n)}isDateTime(){return this.#r&&this.#i}isLocal(){return!this.#r||!this.#i||!this.#e}isDate(){return this.#r&&!this.#i}isTime(){return this.#i&&!this.#r}isValid(){return this.#r||this.#i}toISOString(){let r=super.toISOString();if(this.isDate())return r.slice(0,10);if(this.isTime())return r.slice(11,23);if(this.#e===null)return r.slice(0,-1);if(this.#e==="Z"||this.#e==="z")return r;let i=+this.#e.slice(1,3)*60+ +this.#e.slice(4,6);return i=this.#e[0]==="-"?i:-i,new Date(this.getTime()-i*6e4).toISOString().slice(0,-1)+this.#e}static wrapAsOffsetDateTime(r,i="Z"){let t=new C(r);return t.#e=i,t}static wrapAsLocalDateTime(r){let i=new C(r);return i.#e=null,i}static wrapAsLocalDate(r){let i=new C(r);return i.#i=!1,i.#e=null,i}static wrapAsLocalTime(r){let i=new C(r);return i.#r=!1,i.#e=null,i}}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function h(e,r=10){return r===16?e>47&&e<58||e>64&&e<71||e>96&&e<103:e>47&&e<48+r}function T(e,r){return e===32||e===9||e===10||e===13||r&&(e===r||e===44)||e===35}function c(e,r){let i=e.p,t=e.s.charCodeAt(e.p);if(t===91||t===123){e.d--||f.x("document contains excessively nested structures. aborting.",e);let a=t===91?R(e):K(e);return e.d++,a}return t===34||t===39?E(e):t===116?((e.s.charCodeAt(++e.p)!==114||e.s.charCodeAt(++e.p)!==117||e.s.charCodeAt(++e.p)!==101)&&f.x("invalid value",e,i),e.p++,!0):t===102?((e.s.charCodeAt(++e.p)!==97||e.s.charCodeAt(++e.p)!==108||e.s.charCodeAt(++e.p)!==115||e.s.charCodeAt(++e.p)!==101)&&f.x("invalid value",e,i),e.p++,!1):t===43||t===45?y(e,e.p,e.s.charCodeAt(++e.p),44-t,r):e.s.charCodeAt(e.p+4)===45&&e.s.charCodeAt(e.p+7)===45?W(e,t,r):e.s.charCodeAt(e.p+2)===58?V(e,t,r):y(e,e.p,t,0,r)}function y(e,r,i,t,a){let l=i,n=0,s=!1;if(l===105)return(e.s.charCodeAt(++e.p)!==110||e.s.charCodeAt(++e.p)!==102)&&f.x("invalid value",e,r),e.p++,(t||1)/0;if(l===110)return(e.s.charCodeAt(++e.p)!==97||e.s.charCodeAt(++e.p)!==110)&&f.x("invalid value",e,r),e.p++,NaN;if(l===48){if(++e.p>=e.s.length||T(l=e.s.charCodeAt(e.p),a))return e.bi===!0?0n:0;if(!t){if(l===120)return k(e,r,16,a);if(l===98)return k(e,r,2,a);if(l===111)return k(e,r,8,a)}l===46?n=2:l===101||l===69?n=4:f.x("illegal leading zero",e,r)}else h(l)||f.x("invalid value",e,r);for(;++e.p<e.s.length&&(l=e.s.charCodeAt(e.p),!T(l,a));)n||(n=1),l===95?(n&1||f.x("illegal underscore",e),n+=11,s=!0):n===1&&l===46?n=2:(n===1||n===3)&&(l===101||l===69)?n=4:n===4&&(l===43||l===45)?n=6:h(l)?n>9?n-=11:n&1||n++:f.x("illegal character in numeric literal",e);if(!n){let u=(i-48)*(t||1);return e.bi===!0?BigInt(u):u}n&1||f.x("unfinished numeric value",e,r);let o=e.s.slice(r,e.p);return s&&(o=o.replaceAll("_","")),n>1?parseFloat(o):I(e,o,10,r)}function k(e,r,i,t){let a,l=1;for(;++e.p<e.s.length&&(a=e.s.charCodeAt(e.p),!T(a,t));)a===95?(l&1&&f.x("illegal underscore",e),l=3):h(a,i)?l&1&&l--:f.x("illegal character in numeric literal",e);l&1&&f.x("unfinished numeric value",e);let n=e.s.slice(r+2,e.p);return l&&(n=n.replaceAll("_","")),I(e,n,i,r)}function I(e,r,i,t){if(e.bi!==!0)e:{let a=parseInt(r,i);if(!Number.isSafeInteger(a)){if(e.bi)break e;f.x("integer value cannot be represented losslessly",e,t)}return a}return BigInt(i===10?r:(i===2?"0b":i===8?"0o":"0x")+r)}function W(e,r,i){let t=e.p++,a;if(!h(r)||!h(e.s.charCodeAt(e.p++))||!h(e.s.charCodeAt(e.p++))||!h(e.s.charCodeAt(e.p++)))return y(e,e.p=t,r,0,i);if(e.p+=5,h(e.s.charCodeAt(e.p++))||f.x("invalid date-time: date part is malformed",e,t),e.p>=e.s.length||((r=e.s.charCodeAt(e.p))!==32||(a=!0,!h(e.s.charCodeAt(e.p+1))))&&r!==84&&r!==116){let n=e.s.slice(t,e.p);return w(e,n,3,!1,t)}if(e.s.charCodeAt(e.p+=3)!==58&&f.x("invalid date-time: time part is malformed",e,t),e.s.charCodeAt(e.p+=3)===58&&(e.p+=3),e.s.charCodeAt(e.p)===46)for(;h(e.s.charCodeAt(++e.p)););if(r=e.s.charCodeAt(e.p)){if(r===90||r===122){let n=e.s.slice(t,++e.p);return w(e,n,1,a,t,"[+00:00]")}if(r===43||r===45){let n=e.s.slice(t,e.p+=6);return w(e,n,1,a,t,!e.ld&&"["+e.s.slice(e.p-6,e.p)+"]")}}let l=e.s.slice(t,e.p);return w(e,l,2,a,t)}function V(e,r,i){let t=e.p;if(!h(r)||!h(e.s.charCodeAt(++e.p)))return y(e,--e.p,r,0,i);if(e.s.charCodeAt(e.p+=4)===58&&(e.p+=3),e.s.charCodeAt(e.p)===46)for(;h(e.s.charCodeAt(++e.p)););let a=e.s.slice(t,e.p);return w(e,a,4,!1,t)}function w(e,r,i,t,a,l){if(e.ld){let n=new C(r,i,t);return n.isValid()||f.x("invalid date",e,a),n}try{switch(l&&(r+=l),i){case 1:return Temporal.ZonedDateTime.from(r);case 2:return Temporal.PlainDateTime.from(r);case 3:return Temporal.PlainDate.from(r);case 4:return Temporal.PlainTime.from(r)}}catch(n){f.x(n instanceof Error?n.message:""+n,e,a)}}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function F(e){for(;e.p<e.s.length;e.p++){let r=e.s.charCodeAt(e.p);if(r===10)break;if(r===13&&e.s.charCodeAt(e.p+1)===10){e.p++;break}(r<32&&r!==9||r===127)&&f.x("control characters are not allowed in comments",e)}}function A(e,r,i){let t;for(;e.p<e.s.length;){for(;e.p<e.s.length&&((t=e.s.charCodeAt(e.p))===32||t===9||!r&&(t===10||t===13&&e.s.charCodeAt(e.p+1)===10));)e.p++;if(i||t!==35)break;F(e)}}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function O(e,r=61){let i,t=0,a=[],l,n=e.s.charCodeAt(i=e.p);do{if(n===r)return t||f.x("unexpected end of key",e),t===1&&a.push(e.s.slice(l,e.p)),e.p++,a;n===46?(t||f.x("illegal empty bare key",e),t===1&&a.push(e.s.slice(l,e.p)),t=0):!t&&(n===34||n===39)?(n===e.s.charCodeAt(e.p+1)&&n===e.s.charCodeAt(e.p+2)&&f.x("illegal quoted key: multiline strings are not allowed",e),a.push(E(e)),t=2,e.p--):n===32||n===9?t===1&&(a.push(e.s.slice(l,e.p)),t=2):t===2||n<48&&n!==45||n>57&&n<65||n>90&&n<97&&n!==95||n>122?f.x("illegal character in key",e):t||(t=1,l=e.p)}while(n=e.s.charCodeAt(++e.p));f.x("incomplete key-value: cannot find end of key",e,i)}function K(e){let r=e.p++,i=Object.create(null),t=new Set,a;for(;e.p<e.s.length;){if(A(e),(a=e.s.charCodeAt(e.p))===125)return e.p++,i;let l,n=i,s=!1,o=e.p,u=O(e);for(let d=0;d<u.length;d++){d&&(n=s?n[l]:n[l]=Object.create(null)),l=u[d],(s=Object.hasOwn(n,l))&&(typeof n[l]!="object"||t.has(n[l]))&&f.x("trying to redefine an already defined value",e,o);let g=l==="__proto__";if(e.uk&&(g||l==="constructor")){n=e.uk!==1&&f.x("document contains an unsafe property",e,o);break}!s&&g&&Object.defineProperty(n,l,{enumerable:!0,configurable:!0,writable:!0})}s&&f.x("trying to redefine an already defined value",e,o),A(e,!0,!0);let p=c(e,125);if(n&&typeof(n[l]=p)=="object"&&t.add(p),A(e),(a=e.s.charCodeAt(e.p++))===125)return i;a!==44&&f.x("expected comma or end of structure",e,e.p-1)}f.x("unfinished table",e,r)}function R(e){let r=e.p++,i=[],t;for(;e.p<e.s.length;){if(A(e),(t=e.s.charCodeAt(e.p))===93)return e.p++,i;if(i.push(c(e,93)),A(e),(t=e.s.charCodeAt(e.p++))===93)return i;t!==44&&f.x("expected comma or end of structure",e,e.p-1)}f.x("unfinished array",e,r)}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */function S(e,r,i,t,a){let l=i,n=t,s,o=!1,u;for(let p=0;p<r.length;p++){if(p){if(l=o?l[s]:l[s]=Object.create(null),n=(u=n[s]).c,a===0&&(u.t===1||u.t===2))return null;if(u.t===2){let d=l.length-1;l=l[d],n=n[d].c}}if(s=r[p],(o=Object.hasOwn(l,s))&&n[s]?.t===0&&n[s]?.d)return null;if(!o){let d=s==="__proto__";if(e.uk&&(d||s==="constructor"))return!1;d&&(Object.defineProperty(l,s,{enumerable:!0,configurable:!0,writable:!0}),Object.defineProperty(n,s,{enumerable:!0,configurable:!0,writable:!0})),n[s]={t:p<r.length-1&&a===2?3:a,d:!1,i:0,c:Object.create(null)}}}if(u=n[s],u.t!==a&&!(a===1&&u.t===3)||(a===2&&(u.d||(u.d=!0,l[s]=[]),l[s].push(l=Object.create(null)),u.c[u.i++]=u={t:1,d:!1,i:0,c:Object.create(null)}),u.d))return null;if(u.d=!0,a===1)l=o?l[s]:l[s]=Object.create(null);else if(a===0&&o)return null;return[s,l,u.c]}function _(e,r,i){(r===null||e.uk===2)&&f.x(r===null?"trying to redefine an already defined table or value":"document contains an unsafe property",e,i)}function $(e,r={}){let i={s:e,p:0,d:r.maxDepth??1e3,bi:r.integersAsBigInt??!1,ld:r.useLegacyDate??!0,uk:r.unsafeKeyBehaviour==="throw"?2:r.unsafeKeyBehaviour==="drop"?1:0},t=Object.create(null),a=Object.create(null),l,n=!1,s=t,o=a;for(e.charCodeAt(0)===65279&&i.p++,A(i);i.p<e.length;){if(e.charCodeAt(i.p)===91){let u=e.charCodeAt(++i.p)===91;l=i.p+=+u,n=!1;let p=O(i,93);u&&(e.charCodeAt(i.p)!==93&&f.x("expected end of table array declaration",i),i.p++);let d=S(i,p,t,a,u?2:1);d?(o=d[2],s=d[1]):(_(i,d,l),n=!0)}else{l=i.p;let u=O(i),p=S(i,u,s,o,0);!p&&!n&&_(i,p,l),A(i,!0,!0);let d=c(i,void 0);p&&!n&&(p[1][p[0]]=d)}A(i,!0),i.p<e.length&&(l=e.charCodeAt(i.p))!==10&&(l!==13||e.charCodeAt(i.p+1)!==10)&&f.x("each key-value declaration must be followed by an end-of-line",i),A(i)}return t}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */let q=/^[a-z0-9-_]+$/i,N=!!"".isWellFormed;function b(e){let r=typeof e;if(r==="object"){if(Array.isArray(e))return"array";if(typeof e.getUTCDate=="function"&&e instanceof Date)return"date";if(globalThis.Temporal){if(e.until){if(e instanceof Temporal.ZonedDateTime)return"temporal/tz+uc";if(e instanceof Temporal.PlainDateTime||e instanceof Temporal.PlainDate)return"temporal/uc";if(e instanceof Temporal.PlainTime||e instanceof Temporal.Instant)return"temporal";if(e instanceof Temporal.PlainYearMonth)return"temporal/x"}else if(e.toPlainDate&&e instanceof Temporal.PlainMonthDay||e.negated&&e instanceof Temporal.Duration)return"temporal/x"}}return r}function G(e){for(let r=0;r<e.length;r++)if(b(e[r])!=="object")return!1;return e.length!=0}function P(e){return JSON.stringify(e).replaceAll("\x7F","\\u007f")}function Y(e){return P(N?e.toWellFormed():e)}function Z(e){if(q.test(e))return e;if(N&&!e.isWellFormed())throw new RangeError("key contains illegal lone surrogates");return P(e)}function v(e,r,i,t,a){if(i===0)throw new Error("Could not stringify the object: maximum object depth exceeded");switch(r){case"number":if(isNaN(e))return"nan";if(e===1/0)return"inf";if(e===-1/0)return"-inf";if(Number.isInteger(e)&&(t||!Number.isSafeInteger(e)))return e.toFixed(1);case"bigint":case"boolean":case"temporal":return e.toString();case"string":return Y(e);case"date":if(isNaN(e.getTime()))throw new TypeError("cannot serialize invalid date");return e.toISOString();case"object":return H(e,i,t,a);case"array":return J(e,i,t,a);case"temporal/tz+uc":if(a){let l=e.timeZoneId,n=l.charCodeAt(0);if(n!==43&&n!==45&&(n!==85&&n!==71&&n!==90&&n!==69||l!=="UTC"&&l!=="UCT"&&l!=="Universal"&&l!=="Zulu"&&!l.startsWith("GMT")&&l!=="Greenwich"&&!l.startsWith("Etc/")))throw new TypeError("Temporal objects with an IANA timezone are not allowed in Temporal strict mode")}case"temporal/uc":if(a&&e.calendarId!=="iso8601")throw new TypeError("Temporal objects with a non-default calendar are not allowed in Temporal strict mode");return e.toString({calendarName:"never",timeZoneName:"never"});case"temporal/x":throw new TypeError("Unsupported "+e[Symbol.toStringTag])}}function H(e,r,i,t){let a=Object.keys(e);if(a.length===0)return"{}";let l="{ ";for(let n=0;n<a.length;n++){let s=a[n];n&&(l+=", "),l+=Z(s)+" = "+v(e[s],b(e[s]),r-1,i,t)}return l+" }"}function J(e,r,i,t){if(e.length===0)return"[]";let a="[ ";for(let l=0;l<e.length;l++){if(l&&(a+=", "),e[l]===null||e[l]===void 0)throw new TypeError("arrays cannot contain null or undefined values");a+=v(e[l],b(e[l]),r-1,i,t)}return a+" ]"}function Q(e,r,i,t,a){if(i===0)throw new Error("Could not stringify the object: maximum object depth exceeded");let l="";for(let n=0;n<e.length;n++)l+=`${l&&`
`}[[${r}]]
`,l+=D(0,e[n],r,i,t,a);return l}function D(e,r,i,t,a,l){if(t===0)throw new Error("Could not stringify the object: maximum object depth exceeded");let n="",s="",o=Object.keys(r);for(let u=0;u<o.length;u++){let p=o[u];if(r[p]!==null&&r[p]!==void 0){let d=b(r[p]);if(d==="symbol"||d==="function")throw new TypeError(`cannot serialize values of type '${d}'`);let g=Z(p);if(d==="array"&&G(r[p]))s+=(s&&`
`)+Q(r[p],i?`${i}.${g}`:g,t-1,a,l);else if(d==="object"){let m=i?`${i}.${g}`:g;s+=(s&&`
`)+D(m,r[p],m,t-1,a,l)}else n+=g,n+=" = ",n+=v(r[p],d,t,a,l),n+=`
`}}return e&&(n||!s)&&(n=n?`[${e}]
${n}`:`[${e}]`),n&&s?`${n}
${s}`:n||s}function X(e,{maxDepth:r=1e3,numbersAsFloat:i=!1,strictTemporal:t=!1}={}){if(b(e)!=="object")throw new TypeError("stringify can only be called with an object");let a=D(0,e,"",r,i,t);return a[a.length-1]!==`
`?a+`
`:a}/*!
 * Copyright (c) Squirrel Chat et al., All rights reserved.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions are met:
 *
 * 1. Redistributions of source code must retain the above copyright notice, this
 *    list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright notice,
 *    this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 * 3. Neither the name of the copyright holder nor the names of its contributors
 *    may be used to endorse or promote products derived from this software without
 *    specific prior written permission.
 *
 * THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
 * ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
 * WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
 * DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
 * FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
 * DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
 * SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
 * CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
 * OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
 * OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
 */var ee={parse:$,stringify:X,TomlDate:C,TomlError:f}})};
