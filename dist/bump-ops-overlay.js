require('./index.js').start('bump-ops-overlay');
