require('./index.js').start('lift');
