require('./index.js').start('materialize');
