require('./index.js').start('preview-command');
