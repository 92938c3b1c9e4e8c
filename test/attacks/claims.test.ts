import { attack as breaksTheHolds } from './claims/breaks-the-holds.js';
import { attack as deletesTheHolds } from './claims/deletes-the-holds.js';
import { attack as emptiesTheHolds } from './claims/empties-the-holds.js';
import { attack as forgesARollback } from './claims/forges-a-rollback.js';
import { attack as forgesAVersionThatStagingNeverHad } from './claims/forges-a-version-that-staging-never-had.js';
import { attack as forgesForce } from './claims/forges-force.js';
import { attack as liftsAHoldWithAVersion } from './claims/lifts-a-hold-with-a-version.js';
import { attack as movesAHeldVersion } from './claims/moves-a-held-version.js';
import { attack as ridesAlongWithARollback } from './claims/rides-along-with-a-rollback.js';
import { attack as skipsAnEnvironment } from './claims/skips-an-environment.js';
import { attack as skipsTheSoakTime } from './claims/skips-the-soak-time.js';
import { attack as takesBackAndForth } from './claims/takes-back-and-forth.js';
import { attack as writesTwoTrailersInALine } from './claims/writes-two-trailers-in-a-line.js';
import { CLAIMED } from './support/claimed.js';
import { tryAll } from './support/proposals.js';

tryAll('claims', CLAIMED, {
  'breaks-the-holds': breaksTheHolds,
  'deletes-the-holds': deletesTheHolds,
  'empties-the-holds': emptiesTheHolds,
  'forges-a-rollback': forgesARollback,
  'forges-a-version-that-staging-never-had': forgesAVersionThatStagingNeverHad,
  'forges-force': forgesForce,
  'lifts-a-hold-with-a-version': liftsAHoldWithAVersion,
  'moves-a-held-version': movesAHeldVersion,
  'rides-along-with-a-rollback': ridesAlongWithARollback,
  'skips-an-environment': skipsAnEnvironment,
  'skips-the-soak-time': skipsTheSoakTime,
  'takes-back-and-forth': takesBackAndForth,
  'writes-two-trailers-in-a-line': writesTwoTrailersInALine,
});
