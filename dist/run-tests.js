require('./index.js').start('run-tests');
