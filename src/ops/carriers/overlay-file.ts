/** A file of an overlay. */
export interface OverlayFile {
  /** In its repository. */
  path: string;
  text: string;
  /** It is of all apps of the environment: of what it names, only what bears the app's name is the app's. */
  shared?: true;
}
