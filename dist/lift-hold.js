require('./index.js').start('lift-hold');
