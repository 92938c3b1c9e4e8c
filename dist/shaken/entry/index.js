module.exports = require('../main.js');
