require('./index.js').start('cleanup-preview-env');
