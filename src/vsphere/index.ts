// What others may use of the vSphere client. Everything else in this folder is its own affair.

export {
  type CertificateReport,
  type ClientLimits,
  connect,
  type ConnectOptions,
  probeCertificate,
  type ReachOptions,
  type TransportMode,
} from './connect';
export type { Endpoint } from './soap/transport';
export type { TrustPolicy } from './soap/trust';
