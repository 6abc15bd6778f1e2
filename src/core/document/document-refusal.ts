/** Why a text is not a document. Caught by the reader, which turns it into a problem. */
export class DocumentRefusal extends Error {
  readonly code = 'TA_DOCUMENT_REFUSED';

  constructor(
    message: string,
    /** Where, in UTF-16 units. */
    readonly offset: number,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'DocumentRefusal';
  }
}
