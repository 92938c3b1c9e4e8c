require('./index.js').start('notify');
