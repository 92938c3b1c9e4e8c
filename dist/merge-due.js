require('./index.js').start('merge-due');
