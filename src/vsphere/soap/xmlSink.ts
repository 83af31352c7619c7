import type { StartTag } from './xmlScope';

/** What a sink wants of an element. */
export const XmlInterest = {
  /** Nothing but its end. What is in it is checked all the same. */
  none: 0,
  /** The elements in it. */
  elements: 1,
  /** The elements in it and the text directly inside of it. */
  text: 2,
  /** Nothing at all, because the element is inside of one that nobody wanted. */
  silence: 3,
} as const;

export type XmlInterest = (typeof XmlInterest)[keyof typeof XmlInterest];

/** Receives a document while it is read. */
export interface XmlSink {
  /**
   * An element starts.
   *
   * @returns what to tell of it, or another sink: that one gets what is inside of the element and then its end
   */
  open(tag: StartTag): XmlInterest | XmlSink;
  /** A piece of text: one call for most elements, several when comments or the network cut it in pieces. */
  text(text: string): void;
  /** The element that was opened last ends. */
  close(): void;
}
