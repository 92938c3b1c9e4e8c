require('./index.js').start('drift-infra');
