require('./index.js').start('backup-database');
