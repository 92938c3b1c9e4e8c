require('./index.js').start('tag-release');
