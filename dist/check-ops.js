require('./index.js').start('check-ops');
