require('./index.js').start('audit');
