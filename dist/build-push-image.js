require('./index.js').start('build-push-image');
