import { deed as bringAConfigurationThatIsNoJson } from './archives/bring-a-configuration-that-is-no-json.js';
import { deed as bringAnImageOfAnotherApp } from './archives/bring-an-image-of-another-app.js';
import { deed as changeWhatADigestStandsFor } from './archives/change-what-a-digest-stands-for.js';
import { deed as fetchALayerFromElsewhere } from './archives/fetch-a-layer-from-elsewhere.js';
import { deed as goOnAfterTheEnd } from './archives/go-on-after-the-end.js';
import { deed as hideAFileInASparseEntry } from './archives/hide-a-file-in-a-sparse-entry.js';
import { deed as hideASizeBehindAnOddRecord } from './archives/hide-a-size-behind-an-odd-record.js';
import { deed as leadOutByALink } from './archives/lead-out-by-a-link.js';
import { deed as nameTheLayersOfAnotherImage } from './archives/name-the-layers-of-another-image.js';
import { deed as putAFileBesideTheImage } from './archives/put-a-file-beside-the-image.js';
import { deed as sayThatAPackedLayerIsPlain } from './archives/say-that-a-packed-layer-is-plain.js';
import { deed as unpackToMoreThanIsAllowed } from './archives/unpack-to-more-than-is-allowed.js';
import { deed as writeASizeThatProgramsReadDifferently } from './archives/write-a-size-that-programs-read-differently.js';
import { tryPlain } from './support/plain-deeds.js';

tryPlain('archives', {
  'bring-a-configuration-that-is-no-json': bringAConfigurationThatIsNoJson,
  'bring-an-image-of-another-app': bringAnImageOfAnotherApp,
  'change-what-a-digest-stands-for': changeWhatADigestStandsFor,
  'fetch-a-layer-from-elsewhere': fetchALayerFromElsewhere,
  'go-on-after-the-end': goOnAfterTheEnd,
  'hide-a-file-in-a-sparse-entry': hideAFileInASparseEntry,
  'hide-a-size-behind-an-odd-record': hideASizeBehindAnOddRecord,
  'lead-out-by-a-link': leadOutByALink,
  'name-the-layers-of-another-image': nameTheLayersOfAnotherImage,
  'put-a-file-beside-the-image': putAFileBesideTheImage,
  'say-that-a-packed-layer-is-plain': sayThatAPackedLayerIsPlain,
  'unpack-to-more-than-is-allowed': unpackToMoreThanIsAllowed,
  'write-a-size-that-programs-read-differently': writeASizeThatProgramsReadDifferently,
});
