import type { ObjectId, ServerId } from '../../hypervisor/model/ids';
import { type InventoryNode, nodeId } from '../text/treeNode';
import { TreeElement } from './treeElement';

/**
 * The rows that VS Code knows of, by identity: the same row is the same object for as long as it is shown, which is what
 * lets one row be drawn anew without the rest.
 */
export class ShownRows {
  private readonly elements = new Map<string, TreeElement>();
  private readonly children = new Map<string | undefined, ReadonlySet<string>>();
  private readonly parents = new Map<string, string | undefined>();
  /** In which row a container is shown; several joined ones share a row. */
  private readonly containerRows = new Map<string, string>();

  /** The element of a row, with this node in it from now on. */
  element(node: InventoryNode): TreeElement {
    const id = nodeId(node);
    const known = this.elements.get(id);
    if (known === undefined) {
      const made = new TreeElement(id, node);
      this.elements.set(id, made);
      this.indexContainers(made);
      return made;
    }
    this.setNode(known, node);
    return known;
  }

  setNode(element: TreeElement, node: InventoryNode): void {
    if (element.node === node) {
      return;
    }
    // VS Code may ask for a row that was forgotten meanwhile: what it held may stand in another one by now.
    if (this.elements.get(element.id) !== element) {
      element.node = node;
      return;
    }
    this.unindexContainers(element);
    element.node = node;
    this.indexContainers(element);
  }

  get(id: string): TreeElement | undefined {
    return this.elements.get(id);
  }

  all(): Iterable<TreeElement> {
    return this.elements.values();
  }

  parentId(id: string): string | undefined {
    return this.parents.get(id);
  }

  /** The shown row that contains a container, alone or joined. */
  rowOfContainer(serverId: ServerId, id: ObjectId): TreeElement | undefined {
    const row = this.containerRows.get(containerKey(serverId, id));
    return row === undefined ? undefined : this.elements.get(row);
  }

  /**
   * Takes over what now stands under a row, and forgets what stood there and went, with everything under it. A row that
   * has moved under another one stays.
   *
   * @param parent - undefined for the top
   */
  setChildren(parent: TreeElement | undefined, nodes: readonly InventoryNode[]): TreeElement[] {
    const elements = nodes.map((node) => this.element(node));
    const ids = new Set(elements.map(({ id }) => id));
    const before = this.children.get(parent?.id) ?? new Set<string>();
    this.children.set(parent?.id, ids);
    for (const id of ids) {
      this.parents.set(id, parent?.id);
    }
    for (const id of before) {
      if (!ids.has(id) && this.parents.get(id) === parent?.id) {
        this.forget(id);
      }
    }
    return elements;
  }

  private forget(id: string): void {
    const pending = [id];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const element = this.elements.get(next);
      if (element !== undefined) {
        this.unindexContainers(element);
      }
      this.elements.delete(next);
      this.parents.delete(next);
      for (const child of this.children.get(next) ?? []) {
        if (this.parents.get(child) === next) {
          pending.push(child);
        }
      }
      this.children.delete(next);
    }
  }

  private indexContainers({ id, node }: TreeElement): void {
    if (node.kind === 'container') {
      for (const container of node.containers) {
        this.containerRows.set(containerKey(node.connection.id, container.id), id);
      }
    }
  }

  private unindexContainers({ id, node }: TreeElement): void {
    if (node.kind === 'container') {
      for (const container of node.containers) {
        const key = containerKey(node.connection.id, container.id);
        if (this.containerRows.get(key) === id) {
          this.containerRows.delete(key);
        }
      }
    }
  }
}

function containerKey(serverId: ServerId, id: ObjectId): string {
  return `${serverId}/${id}`;
}
