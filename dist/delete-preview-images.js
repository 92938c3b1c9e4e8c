require('./index.js').start('delete-preview-images');
