require('./index.js').start('onboard');
