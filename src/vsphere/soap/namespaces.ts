export const soapUri = 'http://schemas.xmlsoap.org/soap/envelope/';
export const vimUri = 'urn:vim25';
export const xsdUri = 'http://www.w3.org/2001/XMLSchema';
export const xsiUri = 'http://www.w3.org/2001/XMLSchema-instance';
