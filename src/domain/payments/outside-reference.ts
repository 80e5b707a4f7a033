/** Where L$ were received or given back outside the provider; says nothing of why. */

/** One use ever, each under its type. */
export interface OutsideReference {
  readonly type: string;
  readonly reference: string;
}

/** As people see it. */
export const referenceText = ({ type, reference }: OutsideReference): string =>
  `${type}:${reference}`;
