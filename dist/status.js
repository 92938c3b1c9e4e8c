require('./index.js').start('status');
