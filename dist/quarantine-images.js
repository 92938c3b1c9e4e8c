require('./index.js').start('quarantine-images');
