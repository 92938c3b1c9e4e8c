require('./index.js').start('apply-infra');
