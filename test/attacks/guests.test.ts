import { deed as bringAnImageIntoTheAppOfAnother } from './guests/bring-an-image-into-the-app-of-another.js';
import { deed as bringAnImageOfAnotherGuest } from './guests/bring-an-image-of-another-guest.js';
import { deed as changeWhoseGuestItIsBesideAnImage } from './guests/change-whose-guest-it-is-beside-an-image.js';
import { deed as sayThatItIsAnother } from './guests/say-that-it-is-another.js';
import { tryPlain } from './support/plain-deeds.js';

tryPlain('guests', {
  'bring-an-image-into-the-app-of-another': bringAnImageIntoTheAppOfAnother,
  'bring-an-image-of-another-guest': bringAnImageOfAnotherGuest,
  'change-whose-guest-it-is-beside-an-image': changeWhoseGuestItIsBesideAnImage,
  'say-that-it-is-another': sayThatItIsAnother,
});
