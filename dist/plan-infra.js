require('./index.js').start('plan-infra');
