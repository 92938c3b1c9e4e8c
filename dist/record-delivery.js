require('./index.js').start('record-delivery');
