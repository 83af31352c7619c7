// What others may use of the vSphere client. Everything else in this folder is its own affair.

export { connect, type ConnectOptions } from './connect';
export type { TrustPolicy } from './soap/trust';
