require('./index.js').start('affected-apps');
