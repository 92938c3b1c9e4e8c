require('./index.js').start('promote');
