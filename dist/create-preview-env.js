require('./index.js').start('create-preview-env');
