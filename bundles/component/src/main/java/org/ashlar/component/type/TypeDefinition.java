package org.ashlar.component.type;

/** Whatever a component can give a name as a type. */
public sealed interface TypeDefinition permits ValueType, ResourceType, FuncType, InstanceType, ComponentType { }
