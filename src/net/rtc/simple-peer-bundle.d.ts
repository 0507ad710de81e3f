/** simple-peer's bundled build: its main entry wants Node's streams and buffers, this one carries its own. */
declare module 'simple-peer/simplepeer.min.js' {
  import SimplePeer from 'simple-peer';
  export default SimplePeer;
}
