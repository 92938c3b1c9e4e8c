require('./index.js').start('check-merge-source');
