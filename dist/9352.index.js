"use strict";
exports.id = 9352;
exports.ids = [9352];
exports.modules = {...require('./shared.index.js'),
};
