/** A file of an overlay. */
export interface OverlayFile {
  /** Path in its repository. */
  path: string;
  text: string;
  /** Whether all apps of the environment share it. Then only what is named after an app belongs to that app. */
  shared?: true;
}
