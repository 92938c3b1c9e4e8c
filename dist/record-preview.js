require('./index.js').start('record-preview');
