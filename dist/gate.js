require('./index.js').start('gate');
