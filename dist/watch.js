require('./index.js').start('watch');
