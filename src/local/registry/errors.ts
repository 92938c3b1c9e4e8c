/** The error codes of the distribution specification that this registry answers with, and their HTTP status. */
const STATUS = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 416,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  UNAVAILABLE: 503,
} as const;

export type RegistryErrorCode = keyof typeof STATUS;

/**
 * An error answer of the distribution specification.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;
  readonly status: number;

  constructor(code: RegistryErrorCode, message: string) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
  }

  /** The JSON body of the answer. */
  body(): string {
    return JSON.stringify({ errors: [{ code: this.code, message: this.message }] });
  }
}
