require('./index.js').start('serve-previews');
