"use strict";
exports.id = 1995;
exports.ids = [1995];
exports.modules = {...require('./shared.index.js'),
};
