require('./index.js').start('override');
