require('./index.js').start('hold');
