require('./index.js').start('find-ops-repository');
