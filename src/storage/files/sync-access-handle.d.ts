/** What dedicated workers have and pages do not: TypeScript declares it in its library for workers alone, which does not go with that for pages. */

interface FileSystemSyncAccessHandle {
  getSize(): number;
  read(buffer: AllowSharedBufferSource, options?: { readonly at?: number }): number;
  write(buffer: AllowSharedBufferSource, options?: { readonly at?: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
}
