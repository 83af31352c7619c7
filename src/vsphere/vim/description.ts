import { dataObject, xsdString } from './schema';

// Texts for people that a server attaches to things, in the language of the session.

export const Description = dataObject('Description', { label: xsdString, summary: xsdString });
export const ElementDescription = dataObject('ElementDescription', { key: xsdString }, Description);
